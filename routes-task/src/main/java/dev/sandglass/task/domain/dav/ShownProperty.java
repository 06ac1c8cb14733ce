package dev.sandglass.task.domain.dav;

import java.util.List;
import javax.xml.namespace.QName;
import org.jspecify.annotations.Nullable;

/** Something under {@code /dav/} with its properties. */
public interface ShownProperty {
    String href();

    /** The properties it has. */
    List<QName> names();

    /** The value of a property, as XML; null where there is none of that name. */
    @Nullable
    String value(QName name);
}
