# No kernel with it here: its bytes alone.
: filter INPUT
alone 0 01 00 00 00 01 aa 7b 47 f7 d7 02 00 01 00 01 00 00*30 00 00 00*4 01 00*11 ; -j CLUSTERIP --new --hashmode sourceip --clustermac 01:AA:7B:47:F7:D7 --total-nodes 2 --local-node 1 --hash-init 1 ; REFUSED it needs connection tracking
alone 0 01 00 00 00 01 aa 7b 47 f7 d7 10 00 01 00 0f 00 00*30 00 00 01 00*3 ff*4 00*8 ; -j CLUSTERIP --new --hashmode sourceip-sourceport --clustermac 01:AA:7B:47:F7:D7 --total-nodes 16 --local-node 15 --hash-init 4294967295 ; REFUSED connection tracking
alone 0 01 00 00 00 01 aa 7b 47 f7 d7 10 00 01 00 0f 00 00*30 00 00 02 00*3 00*12 ; -j CLUSTERIP --new --hashmode sourceip-sourceport-destport --clustermac 01:AA:7B:47:F7:D7 --total-nodes 16 --local-node 15 --hash-init 0 ; REFUSED connection tracking
alone 0 00*64                                ; -j CLUSTERIP ; REFUSED connection tracking
alone 0 00*48 03 00*15                       ;   ; FAIL hash mode 3
alone 0 00*12 11 00*51                       ;   ; FAIL 17 nodes
-d 10.0.0.1 -i lo -j CLUSTERIP --new --hashmode sourceip --clustermac 01:AA:7B:47:F7:D7 --total-nodes 2 --local-node 1 ;  ; FAIL missing kernel module
bytes 00*63                                  ;   ; FAIL 63 bytes of data, expected 64
