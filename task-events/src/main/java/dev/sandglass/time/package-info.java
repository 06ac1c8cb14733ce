/**
 * When things are due: dates, their recurrence, their reminders. Pure: no clock, what time it is now comes as a
 * parameter.
 */
@NullMarked
package dev.sandglass.time;

import org.jspecify.annotations.NullMarked;
