/** TASK_COMM_LEN − 1: what the kernel keeps of a name. */
export const LONGEST_COMM = 15

/** Whether what ps and top print as COMMAND is a program with its arguments; else it is the name of a thread. */
export const isCommandLine = (command: string): boolean =>
  command.length > LONGEST_COMM || command.includes('/') || / -\S/.test(command)
