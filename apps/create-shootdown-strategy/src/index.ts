export { createPackage, type NewPackage } from './create-package.js';
export { STARTING_POINTS, type StartingPoint } from './starting-points.js';
