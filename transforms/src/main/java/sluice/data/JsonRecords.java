package sluice.data;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.WritableTypeId;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.SerializationConfig;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.Deserializers;
import com.fasterxml.jackson.databind.jsontype.TypeSerializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.Serializers;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Records in JSON by nothing but their components and their canonical constructor. Jackson itself
 * would look at every method of a record, and so could not read one whose Spark face names a Spark
 * class where there is no Spark.
 */
final class JsonRecords {
  private JsonRecords() {}

  static SimpleModule module() {
    SimpleModule module =
        new SimpleModule("records") {
          private static final long serialVersionUID = 1L;

          @Override
          public void setupModule(SetupContext context) {
            super.setupModule(context);
            context.addSerializers(new Writers());
            context.addDeserializers(new Readers());
          }
        };
    return module;
  }

  private static final class Writers extends Serializers.Base {
    @Override
    public @Nullable JsonSerializer<?> findSerializer(
        SerializationConfig config, JavaType type, BeanDescription description) {
      return type.isRecordType() ? new Writer(type.getRawClass()) : null;
    }
  }

  private static final class Readers extends Deserializers.Base {
    @Override
    public @Nullable JsonDeserializer<?> findBeanDeserializer(
        JavaType type, DeserializationConfig config, BeanDescription description) {
      return type.isRecordType() ? new Reader(type.getRawClass()) : null;
    }

    @Override
    public boolean hasDeserializerFor(DeserializationConfig config, Class<?> type) {
      return type.isRecord();
    }
  }

  private static final class Writer extends JsonSerializer<Object> {
    private final RecordComponent[] components;

    Writer(Class<?> type) {
      components = type.getRecordComponents();
      for (RecordComponent component : components) {
        component.getAccessor().setAccessible(true);
      }
    }

    @Override
    public void serialize(Object value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      out.writeStartObject(value);
      writeComponents(value, out, provider);
      out.writeEndObject();
    }

    @Override
    public void serializeWithType(
        Object value, JsonGenerator out, SerializerProvider provider, TypeSerializer types)
        throws IOException {
      WritableTypeId id = types.writeTypePrefix(out, types.typeId(value, JsonToken.START_OBJECT));
      writeComponents(value, out, provider);
      types.writeTypeSuffix(out, id);
    }

    private void writeComponents(Object value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      for (RecordComponent component : components) {
        out.writeFieldName(component.getName());
        Object part = component(component, value);
        if (part == null) {
          provider.defaultSerializeNull(out);
        } else {
          // Like Jackson itself: what the declared type says of names of types counts.
          JavaType declared = provider.constructType(component.getGenericType());
          JavaType type =
              declared.isContainerType() || declared.isPrimitive()
                  ? declared
                  : provider.constructSpecializedType(declared, part.getClass());
          provider.findTypedValueSerializer(type, true, null).serialize(part, out, provider);
        }
      }
    }

    private static @Nullable Object component(RecordComponent component, Object value)
        throws JsonMappingException {
      try {
        return component.getAccessor().invoke(value);
      } catch (InvocationTargetException | IllegalAccessException e) {
        throw new IllegalStateException("cannot read " + component, e);
      }
    }
  }

  private static final class Reader extends JsonDeserializer<Object> {
    private final Class<?> type;
    private final Map<String, Integer> positions = new LinkedHashMap<>();
    private final RecordComponent[] components;
    private final boolean[] nullable;
    private final Constructor<?> constructor;

    Reader(Class<?> type) {
      this.type = type;
      components = type.getRecordComponents();
      nullable = new boolean[components.length];
      for (int i = 0; i < components.length; i++) {
        positions.put(components[i].getName(), i);
        nullable[i] = components[i].getAnnotatedType().isAnnotationPresent(Nullable.class);
      }
      try {
        constructor =
            type.getDeclaredConstructor(
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new));
        constructor.setAccessible(true);
      } catch (NoSuchMethodException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public Object deserialize(JsonParser in, DeserializationContext context) throws IOException {
      @Nullable Object[] values = new @Nullable Object[components.length];
      boolean[] seen = new boolean[components.length];
      JsonToken token = in.currentToken();
      if (token == JsonToken.START_OBJECT) {
        token = in.nextToken();
      }
      if (token != JsonToken.FIELD_NAME && token != JsonToken.END_OBJECT) {
        return context.handleUnexpectedToken(type, in);
      }
      for (; in.currentToken() == JsonToken.FIELD_NAME; in.nextToken()) {
        String name = in.currentName();
        Integer position = positions.get(name);
        if (position == null) {
          return context.reportInputMismatch(
              type, "%s is none of %s of %s", name, positions.keySet(), type.getSimpleName());
        }
        if (seen[position]) {
          return context.reportInputMismatch(
              type, "%s is there twice in %s", name, type.getSimpleName());
        }
        seen[position] = true;
        JavaType wanted = context.constructType(components[position].getGenericType());
        if (in.nextToken() == JsonToken.VALUE_NULL && !wanted.isPrimitive()) {
          if (!nullable[position]) {
            return context.reportInputMismatch(
                type, "%s must not be null in %s", name, type.getSimpleName());
          }
          continue;
        }
        try {
          values[position] = context.findRootValueDeserializer(wanted).deserialize(in, context);
        } catch (JsonMappingException e) {
          throw JsonMappingException.wrapWithPath(e, type, name);
        }
      }
      for (int i = 0; i < seen.length; i++) {
        if (!seen[i] && !nullable[i]) {
          return context.reportInputMismatch(
              type, "%s is missing in %s", components[i].getName(), type.getSimpleName());
        }
      }
      return construct(values, context);
    }

    private Object construct(@Nullable Object[] values, DeserializationContext context)
        throws IOException {
      try {
        return constructor.newInstance(values);
      } catch (InvocationTargetException e) {
        return context.handleInstantiationProblem(type, null, e.getCause());
      } catch (InstantiationException | IllegalAccessException e) {
        throw new IllegalStateException("cannot make " + type, e);
      }
    }
  }
}
