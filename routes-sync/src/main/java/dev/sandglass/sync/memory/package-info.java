/** Holds what a replica of sync may lose: sockets, the lists they follow, work that waits. */
@NullMarked
package dev.sandglass.sync.memory;

import org.jspecify.annotations.NullMarked;
