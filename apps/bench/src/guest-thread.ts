import { guestServer } from './guests/guest-server.js';
import { serveJobs } from './sandbox/serve-jobs.js';

serveJobs(guestServer);
