/** Routes that take redelivery; the others are YAML, in {@code src/main/resources/routes}. */
@NullMarked
package dev.sandglass.sync.routes;

import org.jspecify.annotations.NullMarked;
