/** What a list and its tasks are and what may be done to them: values in, values out. */
@NullMarked
package dev.sandglass.task.domain;

import org.jspecify.annotations.NullMarked;
