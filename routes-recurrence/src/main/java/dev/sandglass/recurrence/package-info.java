/** A completed recurring task becomes its next occurrence: what the routes remember between messages. */
@NullMarked
package dev.sandglass.recurrence;

import org.jspecify.annotations.NullMarked;
