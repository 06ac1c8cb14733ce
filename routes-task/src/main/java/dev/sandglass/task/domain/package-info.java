/** Lists and tasks, and the decisions on who may do what to them: values in, values out. */
@NullMarked
package dev.sandglass.task.domain;

import org.jspecify.annotations.NullMarked;
