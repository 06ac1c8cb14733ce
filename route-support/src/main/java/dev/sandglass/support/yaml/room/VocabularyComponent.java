package dev.sandglass.support.yaml.room;

import java.util.Map;
import java.util.Set;
import org.apache.camel.Endpoint;
import org.apache.camel.component.kamelet.KameletComponent;

/**
 * The Kamelets of a {@link Room}. Each gets all its parameters, those not given by their defaults: Camel would look for them in the
 * environment first, by bare names as {@code SECRET}.
 */
public final class VocabularyComponent extends KameletComponent {
    /** Parameters of Camel's own, by which a Kamelet would come from somewhere else. */
    private static final Set<String> CAMELS = Set.of("location", "templateId", "uuid");

    private final Map<String, Map<String, String>> defaults;

    /** @param defaults of the parameters of each Kamelet */
    public VocabularyComponent(Map<String, Map<String, String>> defaults) {
        this.defaults = defaults;
        setNoErrorHandler(true);
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        if (parameters.keySet().stream().anyMatch(CAMELS::contains)) {
            throw new IllegalArgumentException("a Kamelet has no parameters " + CAMELS + " here");
        }
        defaults.getOrDefault(remaining.split("/")[0], Map.of()).forEach(parameters::putIfAbsent);
        return super.createEndpoint(uri, remaining, parameters);
    }
}
