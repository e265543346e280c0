// timbrefold-host: reads one request as JSON from standard input (see Performance.h) and writes the answer as JSON to standard output.
#include "Performance.h"

#include <iostream>

int main()
{
    try
    {
        std::cout << timbrefold::hosts::perform (nlohmann::json::parse (std::cin)).dump() << '\n';
        return 0;
    }
    catch (const std::exception& error)
    {
        std::cerr << error.what() << '\n';
        return 1;
    }
}
