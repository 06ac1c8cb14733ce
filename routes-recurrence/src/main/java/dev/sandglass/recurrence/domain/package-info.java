/** When the next occurrence is due. No Camel, no Dapr, no clock. */
@NullMarked
package dev.sandglass.recurrence.domain;

import org.jspecify.annotations.NullMarked;
