/** Holds in a replica what it may lose: alarms armed, deliveries under way, how far the sweep is. */
@NullMarked
package dev.sandglass.reminder.memory;

import org.jspecify.annotations.NullMarked;
