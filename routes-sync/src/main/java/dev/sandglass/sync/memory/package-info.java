/** The memory of a replica of sync, which it may lose: sockets, the lists they follow, work that waits. */
@NullMarked
package dev.sandglass.sync.memory;

import org.jspecify.annotations.NullMarked;
