/** What libvirt's header of typed parameters declares. */
import { type Header, header } from "./header.ts";

export const commonHeader: Header = header("libvirt-common", {
  functions: `
    int virTypedParamsAddBoolean(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
        int value) since 1.0.2;
    int virTypedParamsAddDouble(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
        double value) since 1.0.2;
    int virTypedParamsAddFromString(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
        int type, const char *value) since 1.0.2;
    int virTypedParamsAddInt(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
        int value) since 1.0.2;
    int virTypedParamsAddLLong(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
        long long value) since 1.0.2;
    int virTypedParamsAddString(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
        const char *value) since 1.0.2;
    int virTypedParamsAddStringList(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
        const char **values) since 1.2.17;
    int virTypedParamsAddUInt(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
        unsigned int value) since 1.0.2;
    int virTypedParamsAddULLong(virTypedParameterPtr *params, int *nparams, int *maxparams, const char *name,
        unsigned long long value) since 1.0.2;
    void virTypedParamsClear(virTypedParameterPtr params, int nparams) since 1.0.2;
    void virTypedParamsFree(virTypedParameterPtr params, int nparams) since 1.0.2;
    virTypedParameterPtr virTypedParamsGet(virTypedParameterPtr params, int nparams, const char *name) since 1.0.2;
    int virTypedParamsGetBoolean(virTypedParameterPtr params, int nparams, const char *name, int *value) since 1.0.2;
    int virTypedParamsGetDouble(virTypedParameterPtr params, int nparams, const char *name,
        double *value) since 1.0.2;
    int virTypedParamsGetInt(virTypedParameterPtr params, int nparams, const char *name, int *value) since 1.0.2;
    int virTypedParamsGetLLong(virTypedParameterPtr params, int nparams, const char *name,
        long long *value) since 1.0.2;
    int virTypedParamsGetString(virTypedParameterPtr params, int nparams, const char *name,
        const char **value) since 1.0.2;
    int virTypedParamsGetUInt(virTypedParameterPtr params, int nparams, const char *name,
        unsigned int *value) since 1.0.2;
    int virTypedParamsGetULLong(virTypedParameterPtr params, int nparams, const char *name,
        unsigned long long *value) since 1.0.2;
  `,
  callbacks: `
    void virFreeCallback(void *opaque) since 0.5.0;
  `,
  structures: `
    virTypedParameter {
      char field[VIR_TYPED_PARAM_FIELD_LENGTH];
      int type;
      union value;
    } since 0.9.2;
  `,
});
