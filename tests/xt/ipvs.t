# No rule with it loads where the kernel has no virtual server.
: filter INPUT
alone 0 00*39 01 ; -m ipvs --ipvs ; REFUSED virtual server
alone 0 00*38 01*2 ; -m ipvs ! --ipvs ; REFUSED virtual server
alone 0 00*34 06 00*4 02 ; -m ipvs --vproto 6 ; REFUSED virtual server
alone 0 00*34 11 00*3 03*2 ; -m ipvs ! --vproto 17 ; REFUSED virtual server
alone 0 01 02 03 04 00*12 ff*4 00*19 04 ; -m ipvs --vaddr 1.2.3.4 ; REFUSED virtual server
alone 0 01 02 03 00*13 ff*3 00*19 04*2 ; -m ipvs ! --vaddr 1.2.3.0/24 ; REFUSED virtual server
alone 0 01 02 03 00*13 ff 00 ff 00*19 04*2 ; -m ipvs ! --vaddr 1.2.3.0/255.0.255.0 ; REFUSED virtual server
alone 0 00*33 50 00*5 08 ; -m ipvs --vport 80 ; REFUSED virtual server
alone 0 00*32 01 bb 00*4 08*2 ; -m ipvs ! --vport 443 ; REFUSED virtual server
alone 0 00*39 10 ; -m ipvs --vdir ORIGINAL ; REFUSED virtual server
alone 0 00*38 10*2 ; -m ipvs --vdir REPLY ; REFUSED virtual server
alone 0 00*35 03 00*3 20 ; -m ipvs --vmethod GATE ; REFUSED virtual server
alone 0 00*35 02 00*2 20*2 ; -m ipvs ! --vmethod IPIP ; REFUSED virtual server
alone 0 00*39 20 ; -m ipvs --vmethod MASQ ; REFUSED virtual server
alone 0 00*35 09 00*3 20 ; -m ipvs --vmethod UNKNOWN ; REFUSED virtual server
alone 0 00*37 15 00 40 ; -m ipvs --vportctl 21 ; REFUSED virtual server
alone 0 00*37 15 40*2 ; -m ipvs ! --vportctl 21 ; REFUSED virtual server
alone 0 01 02 00*14 ff*2 00*15 16 06 03 00*3 3e ; -m ipvs --vproto 6 --vaddr 1.2.0.0/16 --vport 22 --vdir ORIGINAL --vmethod GATE ; REFUSED virtual server
6 alone 0 20 01 0d b8 00*12 ff*4 00*19 04 ; -m ipvs --vaddr 2001:db8::/32 ; REFUSED virtual server
6 alone 0 20 01 0d b8 00*11 01 ff*16 00 35 00*4 0c*2 ; -m ipvs ! --vaddr 2001:db8::1 ! --vport 53 ; REFUSED virtual server
-m ipvs --ipvs ;  ; FAIL missing kernel module
bytes 00*39 ;  ; FAIL 39 bytes of data, expected 40
