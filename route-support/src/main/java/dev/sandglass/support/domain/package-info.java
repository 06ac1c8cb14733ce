/** Decisions: values in, values out. No Camel, no Dapr, no clock. */
@NullMarked
package dev.sandglass.support.domain;

import org.jspecify.annotations.NullMarked;
