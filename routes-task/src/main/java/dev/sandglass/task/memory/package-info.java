/** A replica of <em>task</em> holds this and may lose it. */
@NullMarked
package dev.sandglass.task.memory;

import org.jspecify.annotations.NullMarked;
