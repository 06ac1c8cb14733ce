/** The memory of a replica of reminder, which it may lose: armed alarms, deliveries under way, the position of the sweep. */
@NullMarked
package dev.sandglass.reminder.memory;

import org.jspecify.annotations.NullMarked;
