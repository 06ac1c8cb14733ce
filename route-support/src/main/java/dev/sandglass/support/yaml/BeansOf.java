package dev.sandglass.support.yaml;

import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.spi.BeanRepository;
import org.jspecify.annotations.Nullable;

/** The beans of the service that Kamelets name, and no others; nobody finds one by its type. */
final class BeansOf implements BeanRepository {
    private static final String HTTP = "platform-http-engine";
    /** The port's router, as the engine looks for it. */
    private static final String ROUTER = "platform-http-router-";

    private final CamelContext camel;
    private final Set<String> names;
    private final Map<String, Object> instead;

    /**
     * @param names those that Kamelets name
     * @param instead of the service's own, for routes of integrators
     */
    BeansOf(CamelContext camel, Set<String> names, Map<String, Object> instead) {
        this.camel = camel;
        this.names = names;
        this.instead = instead;
    }

    @Override
    public @Nullable Object lookupByName(String name) {
        if (name.equals(HTTP)) {
            return camel.getComponent("platform-http", PlatformHttpComponent.class)
                    .getEngine();
        }
        if (!names.contains(name) && !name.startsWith(ROUTER)) {
            return null;
        }
        Object bean = instead.get(name);
        return bean == null ? camel.getRegistry().lookupByName(name) : bean;
    }

    @Override
    public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
        Object bean = lookupByName(name);
        return type.isInstance(bean) ? type.cast(bean) : null;
    }

    @Override
    public <T> Map<String, T> findByTypeWithName(Class<T> type) {
        return Map.of();
    }

    @Override
    public <T> Set<T> findByType(Class<T> type) {
        return Set.of();
    }
}
