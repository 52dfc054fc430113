import { type ErrorCode, type ErrorDetails, ShootdownError, thrownText } from '@shootdown/core';

/** An error as data, for the way between threads: a copy of an instance is no instance. */
export interface ErrorData {
  /** Undefined for an error that nobody raised on purpose. */
  readonly code?: ErrorCode;
  readonly message: string;
  readonly details?: ErrorDetails;
  readonly stack?: string | undefined;
}

export function errorData(error: unknown): ErrorData {
  if (error instanceof ShootdownError)
    return { code: error.code, message: error.message, details: error.details, stack: error.stack };
  if (error instanceof Error) return { message: error.message, stack: error.stack };
  return { message: thrownText(error) };
}

/** The error that the data stands for, with the stack of the thread that raised it. */
export function errorOf({ code, message, details = {}, stack }: ErrorData): Error {
  const error = code === undefined ? new Error(message) : new ShootdownError(code, message, { details });
  if (stack !== undefined) error.stack = stack;
  return error;
}
