/** What each socket is to be sent, and when: values in, values out, without Camel, Dapr, Vert.x or a clock. */
@NullMarked
package dev.sandglass.sync.domain;

import org.jspecify.annotations.NullMarked;
