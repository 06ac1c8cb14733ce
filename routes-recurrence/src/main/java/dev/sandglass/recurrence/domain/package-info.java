/** The next occurrence of a task and its due date. No Camel, no Dapr, no clock. */
@NullMarked
package dev.sandglass.recurrence.domain;

import org.jspecify.annotations.NullMarked;
