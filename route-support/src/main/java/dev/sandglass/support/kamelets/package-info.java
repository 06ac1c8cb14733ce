/** The beans of the Kamelets in {@code dsl-yaml/kamelets}, beside {@link dev.sandglass.support.DaprCalls}. */
@NullMarked
package dev.sandglass.support.kamelets;

import org.jspecify.annotations.NullMarked;
