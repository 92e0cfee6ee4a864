// Keeps the heap of a program that runs for weeks small. What a message leaves behind is garbage when it is answered; V8
// would let a hundred megabytes of that wait. Imported first by programs alone: a host's heap is the host's affair.

import { setFlagsFromString } from 'node:v8'

/** The space of new objects stays the megabyte that it begins with, where it would grow to many times that. */
setFlagsFromString('--semi-space-growth-factor=1')

/** Objects that live longer are collected when they have grown by a fifth, where they might grow to twice as much. */
setFlagsFromString('--heap-growing-percent=20')

/** What is collected is given back to the system. */
setFlagsFromString('--memory-saver-mode')

/** One compiler less between the interpreter and the optimizing one: what they keep each comes to megabytes. */
setFlagsFromString('--no-maglev')
