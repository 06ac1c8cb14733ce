/** What a replica of <em>task</em> holds and may lose. */
@NullMarked
package dev.sandglass.task.memory;

import org.jspecify.annotations.NullMarked;
