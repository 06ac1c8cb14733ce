/**
 * Where integrators' routes run: a CamelContext that has the components, languages and beans of their vocabulary, and nothing else. It
 * holds by itself: it does not rely on a file having been checked.
 */
@NullMarked
package dev.sandglass.support.yaml.room;

import org.jspecify.annotations.NullMarked;
