/** Decides which reminders a task asks for, when they are due, and what becomes of them: values in, values out, the time among them. */
@NullMarked
package dev.sandglass.reminder.domain;

import org.jspecify.annotations.NullMarked;
