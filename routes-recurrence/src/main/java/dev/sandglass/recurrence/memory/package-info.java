/** Holds what a replica of recurrence may lose. */
@NullMarked
package dev.sandglass.recurrence.memory;

import org.jspecify.annotations.NullMarked;
