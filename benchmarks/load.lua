-- wrk asks for the reports of stored articles, each thread in an order of its own.
local bodies = {}
for line in io.lines(os.getenv("LOAD_BODIES")) do bodies[#bodies + 1] = line end
local threads = 0
function setup(thread)
  thread:set("seed", threads)
  threads = threads + 1
end
function init() math.randomseed(seed + 1) end
function request()
  return wrk.format("POST", "/api/v1/check", {["content-type"] = "application/json"},
    bodies[math.random(#bodies)])
end
