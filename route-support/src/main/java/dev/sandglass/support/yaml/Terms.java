package dev.sandglass.support.yaml;

import dev.sandglass.support.kamelets.Granted;
import java.nio.file.Path;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The things that files of routes may use in a service.
 *
 * @param settings the value of a setting by its name, null where it has none
 */
record Terms(Offer offer, Kamelets kamelets, Function<String, @Nullable String> settings, Granted granted) {
    static Terms of(String service, Path kamelets, Function<String, @Nullable String> settings, Granted granted) {
        return new Terms(Offer.of(service), new Kamelets(kamelets), settings, granted);
    }
}
