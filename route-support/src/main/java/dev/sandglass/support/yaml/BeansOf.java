package dev.sandglass.support.yaml;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.component.platform.http.PlatformHttpComponent;
import org.apache.camel.spi.BeanRepository;
import org.apache.camel.spi.DataFormat;
import org.apache.camel.spi.Language;
import org.jspecify.annotations.Nullable;

/** The beans of the service for another context's Kamelets, without what belongs to the one context it was made for. */
final class BeansOf implements BeanRepository {
    private static final String HTTP = "platform-http-engine";
    private final CamelContext camel;

    BeansOf(CamelContext camel) {
        this.camel = camel;
    }

    @Override
    public @Nullable Object lookupByName(String name) {
        if (name.equals(HTTP)) {
            return camel.getComponent("platform-http", PlatformHttpComponent.class)
                    .getEngine();
        }
        Object bean = camel.getRegistry().lookupByName(name);
        return bound(bean) ? null : bean;
    }

    @Override
    public <T> @Nullable T lookupByNameAndType(String name, Class<T> type) {
        Object bean = lookupByName(name);
        return type.isInstance(bean) ? type.cast(bean) : null;
    }

    @Override
    public <T> Map<String, T> findByTypeWithName(Class<T> type) {
        return camel.getRegistry().findByTypeWithName(type).entrySet().stream()
                .filter(bean -> !bound(bean.getValue()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    @Override
    public <T> Set<T> findByType(Class<T> type) {
        return camel.getRegistry().findByType(type).stream()
                .filter(bean -> !bound(bean))
                .collect(Collectors.toSet());
    }

    private static boolean bound(@Nullable Object bean) {
        return bean instanceof Component || bean instanceof DataFormat || bean instanceof Language;
    }
}
