// The real instrument behind the editor.
#pragma once

#include "Door.h"
#include "Instrument.h"

namespace timbrefold
{
/** Message thread; the instrument outlives it. */
class InstrumentDoor final : public Door
{
public:
    explicit InstrumentDoor (Instrument& instrumentToUse) : instrument (instrumentToUse) {}

    int subscribe (std::function<void (const Json&)> listener) override { return instrument.subscribe (std::move (listener)); }
    void unsubscribe (int subscription) override { instrument.unsubscribe (subscription); }
    bool handle (const Json& request) override { return instrument.handle (request); }
    void emit (Json message) override { instrument.emit (std::move (message)); }
    Json keptInSession (const std::string& name) const override { return instrument.keptInSession (name); }
    void keepInSession (const std::string& name, Json value) override { instrument.keepInSession (name, std::move (value)); }

    std::optional<bool> embedsModel() const override
    {
        const auto model = instrument.model();
        return model == nullptr || model->factory ? std::nullopt : std::optional (instrument.embedsModel());
    }

    void embedModel (bool embed) override { instrument.embedModel (embed); }

    std::vector<std::uint8_t> bundle() const override
    {
        const auto model = instrument.model();
        if (model == nullptr)
            return {};
        return { model->bytes.begin(), model->bytes.end() };
    }

private:
    Instrument& instrument;
};
} // namespace timbrefold
