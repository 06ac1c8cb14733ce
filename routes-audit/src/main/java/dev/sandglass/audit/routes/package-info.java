/** What flows where in audit. */
@NullMarked
package dev.sandglass.audit.routes;

import org.jspecify.annotations.NullMarked;
