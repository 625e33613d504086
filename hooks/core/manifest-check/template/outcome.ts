/** The Coordinator does not take the template. */
export class TemplateError extends Error {}

/** It cannot be told here whether the Coordinator takes the template. */
export class Undecided extends Error {}
