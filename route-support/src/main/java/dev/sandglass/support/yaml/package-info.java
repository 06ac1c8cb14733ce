/**
 * The integrators' routes: checked, taken up while the service runs, handed over to, and fed with events.
 *
 * <p>{@link dev.sandglass.support.yaml.Check} says what is wrong with a folder, {@link dev.sandglass.support.yaml.LiveFiles} runs
 * each file that is right, {@link dev.sandglass.support.yaml.Reload} does both whenever the folder changes.
 */
@NullMarked
package dev.sandglass.support.yaml;

import org.jspecify.annotations.NullMarked;
