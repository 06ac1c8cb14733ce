/** The memory of a replica of recurrence, which it may lose. */
@NullMarked
package dev.sandglass.recurrence.memory;

import org.jspecify.annotations.NullMarked;
