/** The common types of all services: tasks, lists, changes, their event types and topics, and the hash chain that proves them. */
@NullMarked
package dev.sandglass.events;

import org.jspecify.annotations.NullMarked;
