/**
 * Due dates, their recurrence, their reminders. Pure: no clock; the present time comes as a
 * parameter.
 */
@NullMarked
package dev.sandglass.time;

import org.jspecify.annotations.NullMarked;
