/** Decides about a task's reminders, their times and their ends: values in, values out; the time is one of the values. */
@NullMarked
package dev.sandglass.reminder.domain;

import org.jspecify.annotations.NullMarked;
