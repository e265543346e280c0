// Just enough protobuf; the numbers are the fields of onnx.proto3.
#include "OnnxSummary.h"

#include <algorithm>
#include <array>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace timbrefold
{
namespace
{
using Bits = std::span<const std::uint8_t>;

/** Control flow and randomness: they make cost or result depend on more than the inputs. */
constexpr std::array<std::string_view, 10> forbidden { "Loop", "Scan", "If", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike", "Multinomial", "Bernoulli", "SequenceMap" };

std::uint64_t takeVarint (Bits& from)
{
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7)
    {
        if (from.empty() || shift > 63)
            throw std::runtime_error ("it is damaged");
        const std::uint8_t byte = from.front();
        from = from.subspan (1);
        value |= static_cast<std::uint64_t> (byte & 127) << shift;
        if (byte < 128)
            return value;
    }
}

/** Calls `onBytes (number, bytes)` and `onNumber (number, value)` for the fields of a message, in their order. */
template <typename OnBytes, typename OnNumber>
void readFields (Bits message, OnBytes onBytes, OnNumber onNumber)
{
    const auto skip = [&message] (std::uint64_t length)
    {
        if (length > message.size())
            throw std::runtime_error ("it is truncated");
        const auto skipped = message.first (static_cast<std::size_t> (length));
        message = message.subspan (static_cast<std::size_t> (length));
        return skipped;
    };
    while (! message.empty())
    {
        const auto tag = takeVarint (message);
        const auto number = tag / 8;
        switch (tag % 8)
        {
            case 0: onNumber (number, takeVarint (message)); break;
            case 1: skip (8); break;
            case 2: onBytes (number, skip (takeVarint (message))); break;
            case 5: skip (4); break;
            default: throw std::runtime_error ("it is damaged");
        }
    }
}

constexpr auto noNumbers = [] (std::uint64_t, std::uint64_t) {};

std::string textOf (Bits bytes)
{
    return { bytes.begin(), bytes.end() };
}

struct Weight
{
    std::string name;
    std::vector<double> sizes;
};

Weight readWeight (Bits tensor)
{
    Weight weight;
    readFields (
        tensor,
        [&] (std::uint64_t number, Bits bytes)
        {
            if (number == 1)
                while (! bytes.empty())
                    weight.sizes.push_back (static_cast<double> (takeVarint (bytes)));
            else if (number == 8)
                weight.name = textOf (bytes);
            else if (number == 13)
                throw std::runtime_error ("it keeps weights in another file");
        },
        [&] (std::uint64_t number, std::uint64_t value)
        {
            if (number == 1)
                weight.sizes.push_back (static_cast<double> (value));
            else if (number == 14 && value == 1)
                throw std::runtime_error ("it keeps weights in another file");
        });
    return weight;
}

struct Node
{
    std::string type;
    std::vector<std::string> inputs;
};

Node readNode (Bits message)
{
    Node node;
    std::string domain;
    readFields (
        message,
        [&] (std::uint64_t number, Bits bytes)
        {
            if (number == 1)
                node.inputs.push_back (textOf (bytes));
            else if (number == 4)
                node.type = textOf (bytes);
            else if (number == 7)
                domain = textOf (bytes);
        },
        noNumbers);
    if (! domain.empty() && domain != "ai.onnx")
        throw std::runtime_error ("it uses the operator " + node.type + " of \"" + domain + "\", which is not standard");
    if (std::find (forbidden.begin(), forbidden.end(), node.type) != forbidden.end())
        throw std::runtime_error ("it uses the operator " + node.type + ", which a bundle may not contain");
    return node;
}

double macsOf (Bits graph)
{
    std::map<std::string, std::vector<double>> weights;
    std::vector<Node> nodes;
    readFields (
        graph,
        [&] (std::uint64_t number, Bits bytes)
        {
            if (number == 1)
                nodes.push_back (readNode (bytes));
            else if (number == 5)
            {
                auto [name, sizes] = readWeight (bytes);
                weights[name] = std::move (sizes);
            }
            else if (number == 15)
                throw std::runtime_error ("it holds sparse weights");
        },
        noNumbers);
    double macs = 0;
    for (const auto& node : nodes)
    {
        if (node.type != "MatMul" && node.type != "Gemm")
            continue;
        for (const auto& input : node.inputs)
        {
            const auto found = weights.find (input);
            // A Gemm's bias has one axis and is no product.
            if (found == weights.end() || found->second.size() < 2)
                continue;
            double product = 1;
            for (const double size : found->second)
                product *= size;
            macs += product;
        }
    }
    return macs;
}
} // namespace

double rowMacs (Bits onnx)
{
    double macs = 0;
    int graphs = 0;
    readFields (
        onnx,
        [&] (std::uint64_t number, Bits bytes)
        {
            if (number == 7)
            {
                graphs++;
                macs += macsOf (bytes);
            }
            else if (number == 25)
                throw std::runtime_error ("it defines functions of its own");
        },
        noNumbers);
    if (graphs != 1)
        throw std::runtime_error ("it is not an ONNX file");
    return macs;
}
} // namespace timbrefold
