: mangle PREROUTING
-p tcp -j TPROXY --on-port 0                 ; -p tcp -j TPROXY --on-port 0 --on-ip 0.0.0.0 --tproxy-mark 0x0/0x0 ; REFUSED target TPROXY rev 1: not evaluated by this build: it asks for a socket of the host
-p udp -j TPROXY --on-port 53 --on-ip 127.0.0.1 --tproxy-mark 0x1 ; -p udp -j TPROXY --on-port 53 --on-ip 127.0.0.1 --tproxy-mark 0x1/0xffffffff ; REFUSED a socket
-p tcp -m tcp --dport 2342 -j TPROXY --on-port 12345 --on-ip 10.0.0.1 --tproxy-mark 0x23/0xff ; = ; REFUSED a socket
revision 0 ff 00 00 00 23 00 00 00 0a 00 00 01 30 39 ; -p tcp -m tcp --dport 2342 -j TPROXY --on-port 12345 --on-ip 10.0.0.1 --tproxy-mark 0x23/0xff ; REFUSED target TPROXY rev 0
6 -p tcp -j TPROXY --on-port 65535 --on-ip ::1 ; -p tcp -j TPROXY --on-port 65535 --on-ip ::1 --tproxy-mark 0x0/0x0 ; REFUSED a socket
6 -p udp -j TPROXY --on-port 53 --tproxy-mark 0x1/0xff ; -p udp -j TPROXY --on-port 53 --on-ip :: --tproxy-mark 0x1/0xff ; REFUSED a socket
-p sctp -j TPROXY --on-port 1                ;   ; FAIL Invalid argument
! -p tcp -j TPROXY --on-port 1               ;   ; FAIL Invalid argument
-j TPROXY --on-port 1                        ;   ; FAIL Invalid argument
6 -j TPROXY --on-port 1                      ;   ; FAIL Invalid argument
-t raw -p tcp -j TPROXY --on-port 1          ;   ; FAIL Invalid argument
bytes 00*15                                  ;   ; FAIL 15 bytes of data
