/** The audit: keeping, verifying and finding entries. No Camel, no Dapr, no clock. */
@NullMarked
package dev.sandglass.audit.domain;

import org.jspecify.annotations.NullMarked;
