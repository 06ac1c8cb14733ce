/** {@code ./run bench}: every number of the system beside its floor, the same Dapr calls sent straight to a sidecar. */
@org.jspecify.annotations.NullMarked
package dev.sandglass.bench;
