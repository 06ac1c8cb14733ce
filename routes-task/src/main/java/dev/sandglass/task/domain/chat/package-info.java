/**
 * Plain sentences: their meaning, and the replies. Pure: the time, the zone and the tasks come as parameters, and the intent goes
 * back as a value.
 */
@NullMarked
package dev.sandglass.task.domain.chat;

import org.jspecify.annotations.NullMarked;
