/** The language of {@code filter=}: a text becomes a condition. What a condition means of a task, finding says. Pure. */
@NullMarked
package dev.sandglass.task.domain.filter;

import org.jspecify.annotations.NullMarked;
