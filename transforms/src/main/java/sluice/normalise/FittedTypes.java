package sluice.normalise;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.databind.DatabindContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.jsontype.impl.TypeIdResolverBase;
import org.jspecify.annotations.Nullable;

/** The names of fitted steps in JSON: those of {@link Steps}, and no other. */
final class FittedTypes extends TypeIdResolverBase {

  @Override
  public String idFromValue(Object value) {
    return Steps.type((FittedStep) value);
  }

  @Override
  public String idFromValueAndType(Object value, Class<?> suggestedType) {
    return idFromValue(value);
  }

  @Override
  public @Nullable JavaType typeFromId(DatabindContext context, String id) {
    Class<? extends FittedStep> type = Steps.FITTED.get(id);
    return type == null ? null : context.constructType(type);
  }

  @Override
  public String getDescForKnownTypeIds() {
    return String.join(", ", Steps.FITTED.keySet());
  }

  @Override
  public JsonTypeInfo.Id getMechanism() {
    return JsonTypeInfo.Id.CUSTOM;
  }
}
