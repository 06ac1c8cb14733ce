/** Extends Camel: the component {@code memory}. */
@NullMarked
package dev.sandglass.support.camel;

import org.jspecify.annotations.NullMarked;
