/**
 * Plain sentences: what somebody asks for, and how it is answered. Pure: what time it is, the zone and the tasks come as
 * parameters, what is to be done goes back as a value.
 */
@NullMarked
package dev.sandglass.task.domain.chat;

import org.jspecify.annotations.NullMarked;
