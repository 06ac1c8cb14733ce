/** The language all services speak: tasks, lists, changes, their event types and topics, and the chain that makes them provable. */
@NullMarked
package dev.sandglass.events;

import org.jspecify.annotations.NullMarked;
