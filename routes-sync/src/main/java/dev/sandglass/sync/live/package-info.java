/** The sockets and the lists they follow: the domain's decisions carried out on Vert.x and Dapr. */
@NullMarked
package dev.sandglass.sync.live;

import org.jspecify.annotations.NullMarked;
