/** What an audit is: entries, whether they are whole, finding among them. No Camel, no Dapr, no clock. */
@NullMarked
package dev.sandglass.audit.domain;

import org.jspecify.annotations.NullMarked;
