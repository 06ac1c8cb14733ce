/** Decides on the next frame of each socket: values in, values out, without Camel, Dapr, Vert.x or a clock. */
@NullMarked
package dev.sandglass.sync.domain;

import org.jspecify.annotations.NullMarked;
